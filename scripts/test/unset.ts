/** Over the environment of a process that a test starts: what the shell or a file of settings says is of other servers. */
export const UNSET = {
  ...{ ENV_FILE: '', DATABASE_URL: '', SEARCH_URL: '', EVENT_LOG_URL: '' },
  ...{ CACHE_URL: '', COUNTERS_URL: '', USERS_KEY_ENCRYPTION_SECRET: '' },
}
