import type { Viewer } from '@cinegraph/kit/identity'

/** Persons, genres and the links of films are written with it. */
export const WRITE_PEOPLE = 'people:write'

/** Whether the viewer edits what this subgraph owns. */
export const isEditor = ({ permissions }: Viewer): boolean =>
  permissions.some((it) => it === WRITE_PEOPLE)
