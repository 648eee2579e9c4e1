// The schema follows the sources: composed anew before every start, written where it changed.
await import('./compose.js')
await import('./start.js')
