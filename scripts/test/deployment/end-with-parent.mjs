// Imported by a part that a test starts: however the test ends, the part does not outlive it.
process.stdin.once('close', () => process.kill(process.pid, 'SIGKILL')).resume()
