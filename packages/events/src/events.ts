import { filmChanged } from './domain/film.changed.v1.js'
import { filmLinked } from './domain/film.linked.v1.js'
import { genreChanged } from './domain/genre.changed.v1.js'
import { personChanged } from './domain/person.changed.v1.js'
import { personMerged } from './domain/person.merged.v1.js'

/** The contracts of all events. */
export const EVENTS = [filmChanged, filmLinked, genreChanged, personChanged, personMerged] as const
