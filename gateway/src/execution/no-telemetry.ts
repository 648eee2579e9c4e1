/**
 * @apollo/gateway reports to its vendor unless this is set when a gateway is made, and has no option for it.
 * Imported before it.
 */
// eslint-disable-next-line no-restricted-syntax
process.env['APOLLO_TELEMETRY_DISABLED'] = '1'
