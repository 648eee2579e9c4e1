/**
 * The scalar `Date`: a calendar date, `YYYY-MM-DD`, without time or zone. Takes such strings and `Date`s at midnight UTC.
 * The scalar `DateTime`: an instant in ISO 8601, e.g. `2026-01-31T18:00:00.000Z`. Takes such strings and `Date`s.
 */
export { GraphQLDate, GraphQLDateTime } from 'graphql-scalars'
