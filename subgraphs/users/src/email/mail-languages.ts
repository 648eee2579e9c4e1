import type { Language } from '@cinegraph/kit/language'
import { english } from './mail-words.en.js'
import { russian } from './mail-words.ru.js'
import type { Words } from './mail-words.js'

const WORDS: Readonly<Record<Language, Words>> = { en: english, ru: russian }

export const wordsOf = (language: Language): Words => WORDS[language]
