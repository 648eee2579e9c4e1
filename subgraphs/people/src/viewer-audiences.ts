import { audiencesOf, hidingRolesOf, readsHidden } from '@cinegraph/engines/search/audience'
import type { SearchIndex } from '@cinegraph/engines/search/search-index'
import type { Viewer } from '@cinegraph/kit/identity'

/** Whose films count for the viewer: no film that the viewer may not see moves anything in a list. */
export async function viewerAudiences(
  search: Pick<SearchIndex, 'audiences'>,
  viewer: Viewer,
): Promise<readonly string[]> {
  const known = readsHidden(viewer) ? await search.audiences() : []
  return audiencesOf(viewer, hidingRolesOf(known))
}
