const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

// what Unicode names besides countries: unions, islands without a code of their own, and the unknown
const NO_COUNTRIES = new Set('AC CP CQ DG EA EU EZ IC QO TA UK UN XA XB ZZ'.split(' '))

/** Whether this is an ISO 3166-1 alpha-2 code, those of countries that are no more included: films were made in the `SU`. */
export const isCountry = (code: string): boolean =>
  /^[A-Z]{2}$/.test(code) && !NO_COUNTRIES.has(code) && regions.of(code) !== undefined

/** Whether this is an ISO 639-1 code. */
export const isLanguage = (code: string): boolean =>
  /^[a-z]{2}$/.test(code) && languages.of(code) !== undefined
