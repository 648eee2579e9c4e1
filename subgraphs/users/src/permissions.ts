/** What this subgraph asks of roles. Roles may hold any other permission too: each subgraph names its own. */
export const READ_USERS = 'users:read'
/** Blocks, unblocks and deletes accounts. */
export const WRITE_USERS = 'users:write'
/** Makes roles and gives them to anybody, so its holders can give themselves every other permission: the administrators. */
export const WRITE_ROLES = 'roles:write'
