export function isBuildStale(): boolean
