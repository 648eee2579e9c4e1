export const SLUG =
  'Readable identifier for addresses of pages: at most 100 lower-case Latin letters and digits, with hyphens between words.'
export const MADE_SLUG = `${SLUG} Absent or null: made of the name, with a number when another has it.`
export const KEPT = 'Cannot be cleared.'
export const IN_LANGUAGE = {
  en: 'In English; null removes them.',
  ru: 'In Russian; null removes them.',
}
export const WRITING = 'Needs the permission `people:write`.'
export const ONLY_WITH_ERROR = 'Null only together with an error.'
/** What is said of every edit. */
export const EDITING = `${ONLY_WITH_ERROR} ${WRITING}`
