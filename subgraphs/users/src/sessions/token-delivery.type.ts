import { Arg, registerEnumType } from 'type-graphql'

export const TokenDelivery = { BODY: 'BODY', COOKIE: 'COOKIE' } as const
export type TokenDelivery = keyof typeof TokenDelivery

registerEnumType(TokenDelivery, {
  name: 'TokenDelivery',
  description: 'How the tokens of a session reach the client.',
  valuesConfig: {
    BODY: { description: 'In the answer. For apps, which have a safe place for them.' },
    COOKIE: {
      description:
        'As cookies that no script can read and that the browser sends by itself. For web pages.',
    },
  },
})

export const DELIVERY_OPTIONS = {
  defaultValue: TokenDelivery.BODY,
  description: 'How the tokens reach you.',
}

/** The argument `delivery` of every mutation that logs in. */
export const DeliveryArg = (): ReturnType<typeof Arg> =>
  Arg('delivery', () => TokenDelivery, DELIVERY_OPTIONS)
