import type { Viewer } from '@cinegraph/kit/identity'

/** Persons and genres are written with it. */
export const WRITE_PEOPLE = 'people:write'
/** Films are written with it, and all are seen. Who links a film to persons and genres edits both: it takes both permissions. */
export const WRITE_FILMS = 'films:write'

/** Whether the viewer edits what this subgraph owns. */
export const isEditor = ({ permissions }: Viewer): boolean =>
  permissions.some((it) => it === WRITE_PEOPLE)
