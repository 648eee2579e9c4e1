import type { AuditRecord } from '@cinegraph/kit/changes'
import { AuditConnection, auditEntryOf } from '@cinegraph/kit/graphql/audit'
import type { Page } from '@cinegraph/kit/pagination'

export const historyOf = ({ edges, ...page }: Page<AuditRecord>) =>
  AuditConnection.from({
    ...page,
    edges: edges.map(({ node, cursor }) => ({ node: auditEntryOf(node), cursor })),
  })
