import { registerEnumType } from 'type-graphql'
import { FilmStatus } from './film.record.js'

registerEnumType(FilmStatus, {
  name: 'FilmStatus',
  description: 'Where a film stands between a draft and the archive.',
  valuesConfig: {
    DRAFT: { description: 'In the making: editors see it.' },
    SCHEDULED: { description: 'Editors see it, until it is published at `publishAt`.' },
    PUBLISHED: {
      description: 'Everybody sees it, or who has `requiredRole` if it is hidden without.',
    },
    ARCHIVED: { description: 'Taken out of the catalogue: editors see it.' },
  },
})
