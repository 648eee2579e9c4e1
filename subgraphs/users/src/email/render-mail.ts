import type { Mail } from '@cinegraph/engines/mailer/mailer'
import type { Language } from '@cinegraph/kit/language'
import { wordsOf } from './mail-languages.js'
import type { MailWords } from './mail-words.js'

/** What a mail lets its reader do: by a link, or by a token where there is no page to link to. */
export interface MailAction {
  readonly url: string | undefined
  readonly token: string
  readonly mutation: string
}

export interface MailToRender {
  readonly language: Language
  /** How the reader is greeted; not given where a stranger may have chosen it. */
  readonly name?: string | undefined
  readonly words: MailWords
  readonly action?: MailAction
}

/** A block of a mail: a paragraph, something to copy, or a link. */
type Block =
  | { readonly kind: 'paragraph' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly label: string; readonly orCopy: string; readonly url: string }

/** The same mail as plain text and as HTML. */
export function renderMail(mail: MailToRender): Omit<Mail, 'to'> {
  const { language, words } = mail
  const blocks = blocksOf(mail)
  return {
    subject: words.subject,
    text: `${blocks.map(asText).join('\n\n')}\n`,
    html: pageOf({ language, title: words.subject, body: blocks.map(asHtml).join('\n') }),
  }
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
const code = (text: string): Block => ({ kind: 'code', text })

function blocksOf({ language, name, words, action }: MailToRender): Block[] {
  const { greeting, signature, orCopy, useToken } = wordsOf(language)
  const actionBlocks = ({ url, token, mutation }: MailAction): Block[] =>
    url === undefined
      ? [paragraph(useToken(mutation)), code(token)]
      : [{ kind: 'link', label: words.button ?? url, orCopy, url }]
  return [
    paragraph(greeting(name)),
    ...words.paragraphs.map(paragraph),
    ...(action ? actionBlocks(action) : []),
    ...words.closing.map(paragraph),
    paragraph(signature),
  ]
}

const asText = (block: Block): string =>
  block.kind === 'link' ? `${block.label}:\n${block.url}` : block.text

const FONT = "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"

function asHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p style="margin:0 0 16px">${escape(block.text)}</p>`
    case 'code':
      return `<p style="margin:0 0 16px;word-break:break-all;font-family:monospace;font-size:14px">${escape(block.text)}</p>`
    case 'link':
      return [
        `<p style="margin:24px 0"><a href="${escape(block.url)}" style="display:inline-block;padding:12px 24px;border-radius:6px;background:#1d4ed8;color:#ffffff;text-decoration:none;font-weight:600">${escape(block.label)}</a></p>`,
        asHtml(paragraph(block.orCopy)),
        asHtml(code(block.url)),
      ].join('\n')
  }
}

const pageOf = ({ language, title, body }: { language: string; title: string; body: string }) =>
  `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f3f4f6;color:#111827;${FONT}">
<div style="max-width:520px;margin:0 auto;padding:32px;background:#ffffff;border-radius:8px">
${body}
</div>
</body>
</html>
`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!)
