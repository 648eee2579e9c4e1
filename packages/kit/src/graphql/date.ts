/** The scalar `Date`: a calendar date, `YYYY-MM-DD`, without time or zone. Takes such strings and `Date`s at midnight UTC. */
export { GraphQLDate } from 'graphql-scalars'
