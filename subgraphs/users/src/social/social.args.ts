import { Arg } from 'type-graphql'
import { SocialProvider } from './social-provider.js'
import { SocialCallbackInput } from './social.type.js'

export const REDIRECT_URI =
  'Page or app to which the provider sends the person back. Exactly one of those that the operators allow.'

type ArgDecorator = ReturnType<typeof Arg>

export const ProviderArg = (description: string): ArgDecorator =>
  Arg('provider', () => SocialProvider, { description })

export const RedirectUriArg = (): ArgDecorator =>
  Arg('redirectUri', () => String, { description: REDIRECT_URI })

export const CallbackArg = (): ArgDecorator =>
  Arg('input', () => SocialCallbackInput, { description: 'What the person came back with.' })
