import { AuditConnection, auditEntryOf } from '@cinegraph/kit/graphql/audit'
import type { Page } from '@cinegraph/kit/pagination'
import type { StoredEntry } from './audit.repository.js'

export const historyOf = ({ edges, ...page }: Page<StoredEntry>) =>
  AuditConnection.from({
    ...page,
    edges: edges.map(({ node, cursor }) => ({ node: auditEntryOf(node), cursor })),
  })
