import type { Postgres } from '@cinegraph/engines/postgres/open'
import type { UserViewer } from '@cinegraph/kit/identity'
import { openTestPostgres } from '@cinegraph/testkit/database'
import { expectData } from '@cinegraph/testkit/execute'
import { asUser } from '@cinegraph/testkit/identity'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { REDIRECT_URI, somebody, startProvider, type TestProvider } from './provider.js'
import { behindALock, ofAccount } from '../behind-a-lock.js'
import { emailsOf, joinWithEmail, tokenIn } from '../email/email-client.js'
import { createClock, PASSWORD, viewerOf } from '../start-users.js'
import { type Outcome, type Social, startSocial, viewerIn } from './start-social.js'

const clock = createClock()

let postgres: Postgres
let provider: TestProvider
let social: Social

beforeAll(async () => {
  postgres = await openTestPostgres()
  provider = await startProvider()
  social = await startSocial(postgres, provider, { now: clock.now })
})
afterAll(() => provider.stop())
beforeEach(() => {
  provider.visitor = somebody()
  provider.consents = true
})

let people = 0
/** Somebody with a password. */
const registered = async (): Promise<UserViewer> => {
  return viewerOf(await social.register({ login: `linker-${(people += 1)}` }))
}
/** Somebody without a password. */
const signedIn = async (name: 'GOOGLE' | 'YANDEX'): Promise<UserViewer> => {
  return viewerIn(await social.signIn(name))
}
const providersOf = async (id: string) => {
  const rows = await postgres.prisma.socialAccount.findMany({
    where: { userId: id },
    orderBy: { provider: 'asc' },
  })
  return rows.map((it) => it.provider)
}
const typeOf = ({ __typename }: Outcome) => __typename

describe('linking', () => {
  it.each(['GOOGLE', 'YANDEX'] as const)('lets one log in with %s from then on', async (name) => {
    const viewer = await registered()
    const { email } = provider.visitor
    const linked = await social.link(name, viewer)
    expect(linked).toMatchObject({
      __typename: 'SocialAccountLinked',
      provider: name,
      user: {
        id: viewer.id,
        socialAccounts: [{ provider: name, email, displayName: 'Lev Kuleshov' }],
      },
    })
    expect((await social.signIn(name)).user!.id).toBe(viewer.id)
  })

  it('leaves the account’s own address and names as they are', async () => {
    const viewer = await registered()
    await social.link('GOOGLE', viewer)
    const row = await postgres.prisma.user.findUniqueOrThrow({ where: { id: viewer.id } })
    expect(row).toMatchObject({ email: null, verifiedEmail: null, firstName: null })
  })

  it('is safe to repeat', async () => {
    const viewer = await registered()
    await social.link('GOOGLE', viewer)
    expect(typeOf(await social.link('GOOGLE', viewer))).toBe('SocialAccountLinked')
    expect(await providersOf(viewer.id)).toEqual(['GOOGLE'])
  })

  it('takes nobody’s social account away', async () => {
    const owner = await signedIn('GOOGLE')
    const viewer = await registered()
    expect(await social.link('GOOGLE', viewer)).toEqual({
      __typename: 'SocialAccountTaken',
      provider: 'GOOGLE',
    })
    expect((await social.signIn('GOOGLE')).user!.id).toBe(owner.id)
  })

  it('takes one account of each provider', async () => {
    const viewer = await registered()
    await social.link('GOOGLE', viewer)
    provider.visitor = somebody()
    expect(await social.link('GOOGLE', viewer)).toEqual({
      __typename: 'OtherSocialAccountLinked',
      provider: 'GOOGLE',
    })
  })

  it('gives a social account to one of many who want it at once', async () => {
    const viewers = await Promise.all(Array.from({ length: 5 }, registered))
    const callbacks = await Promise.all(
      viewers.map(async (viewer) => social.comeBack(await social.start('GOOGLE', viewer))),
    )
    const outcomes = await Promise.all(
      callbacks.map((callback, i) => social.completeLink(callback, viewers[i]!)),
    )
    expect(outcomes.map(typeOf).sort()).toEqual([
      'SocialAccountLinked',
      ...Array<string>(4).fill('SocialAccountTaken'),
    ])
  })

  it('is completed by the person who began it, and by nobody else', async () => {
    const [viewer, other] = [await registered(), await registered()]
    const callback = await social.comeBack(await social.start('YANDEX', viewer))
    expect(typeOf(await social.completeLink(callback, other))).toBe('SocialFlowEnded')
    expect(typeOf(await social.complete(callback))).toBe('SocialFlowEnded')
    expect(typeOf(await social.completeLink(callback, viewer))).toBe('SocialAccountLinked')
    expect(typeOf(await social.completeLink(callback, viewer))).toBe('SocialFlowEnded')
  })

  it('says when the person did not agree', async () => {
    const viewer = await registered()
    provider.consents = false
    expect(await social.link('YANDEX', viewer)).toEqual({
      __typename: 'SocialSignInRefused',
      provider: 'YANDEX',
      reason: 'DECLINED',
    })
  })

  it('is refused to an account that is gone', async () => {
    const asked = { provider: 'GOOGLE', redirectUri: REDIRECT_URI } as const
    const { extensions } = await social.startLinkError(asked, asUser())
    expect(extensions.code).toBe('UNAUTHENTICATED')
  })

  it('needs a redirect URI that is allowed', async () => {
    const asked = { provider: 'GOOGLE', redirectUri: 'https://attacker.test/' } as const
    const { extensions } = await social.startLinkError(asked, await registered())
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: ['redirectUri'] })
  })
})

describe('unlinking', () => {
  it('ends log-ins with it, and is safe to repeat', async () => {
    const viewer = await registered()
    await social.link('GOOGLE', viewer)
    const unlinked = {
      __typename: 'SocialAccountUnlinked',
      provider: 'GOOGLE',
      user: { id: viewer.id, socialAccounts: [] },
    }
    expect(await social.unlink('GOOGLE', viewer)).toEqual(unlinked)
    expect(await social.unlink('GOOGLE', viewer)).toEqual(unlinked)
    expect((await social.signIn('GOOGLE')).user!.id).not.toBe(viewer.id)
  })

  it('is refused when nothing else would be left to log in with', async () => {
    const viewer = await signedIn('YANDEX')
    expect(await social.unlink('YANDEX', viewer)).toEqual({
      __typename: 'LastCredential',
      provider: 'YANDEX',
    })
    expect(await providersOf(viewer.id)).toEqual(['YANDEX'])
  })

  it('of one of two leaves the other', async () => {
    const viewer = await signedIn('YANDEX')
    await social.link('GOOGLE', viewer)
    expect(typeOf(await social.unlink('YANDEX', viewer))).toBe('SocialAccountUnlinked')
    expect(typeOf(await social.unlink('GOOGLE', viewer))).toBe('LastCredential')
    expect(await providersOf(viewer.id)).toEqual(['GOOGLE'])
  })

  it('never takes both of the last two, however many ask at once', async () => {
    const viewer = await signedIn('YANDEX')
    await social.link('GOOGLE', viewer)
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, i) => social.unlink(i % 2 ? 'GOOGLE' : 'YANDEX', viewer)),
    )
    expect(new Set(outcomes.map(typeOf))).toEqual(
      new Set(['SocialAccountUnlinked', 'LastCredential']),
    )
    expect(await providersOf(viewer.id)).toHaveLength(1)
  })
})

describe('whoever holds no more than an access token', () => {
  const asked = { provider: 'GOOGLE', redirectUri: REDIRECT_URI } as const

  it.each([null, 'not the password'])(
    'and gives %j as the password begins no link',
    async (password) => {
      const viewer = await registered()
      const { extensions } = await social.startLinkError({ ...asked, password }, viewer)
      expect(extensions.code).toBe('FORBIDDEN')
      expect(await postgres.prisma.socialFlow.count({ where: { userId: viewer.id } })).toBe(0)
    },
  )

  it('unlinks nothing', async () => {
    const viewer = await registered()
    await social.link('GOOGLE', viewer)
    const { extensions } = await social.unlinkError('GOOGLE', viewer, { password: null })
    expect(extensions.code).toBe('FORBIDDEN')
    expect(await providersOf(viewer.id)).toEqual(['GOOGLE'])
  })

  it('accepts no offer, which still stands for the owner', async () => {
    const { viewer, email } = await joinWithEmail(social, 'offered')
    provider.visitor = somebody({ email })
    const { linkToken } = await social.signIn('GOOGLE')
    const { extensions } = await social.acceptError(linkToken!, viewer, { password: null })
    expect(extensions.code).toBe('FORBIDDEN')
    expect(typeOf(await social.accept(linkToken!, viewer))).toBe('SocialAccountLinked')
  })

  it('can do none of it in a session of 15 minutes where there is no password', async () => {
    const viewer = await signedIn('YANDEX')
    clock.advance({ seconds: 15 * 60 })
    const errors = [
      await social.startLinkError(asked, viewer),
      await social.unlinkError('YANDEX', viewer),
    ]
    expect(errors.map((it) => it.extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  })
})

describe('the owner', () => {
  it('is told of each link that is made and of each that goes, once', async () => {
    const { viewer, email } = await joinWithEmail(social, 'told')
    await social.link('GOOGLE', viewer)
    expect((await social.mailbox.nextTo(email)).subject).toBe('Google was linked to your account')
    await social.link('GOOGLE', viewer)
    await social.unlink('GOOGLE', viewer)
    await social.unlink('GOOGLE', viewer)
    expect((await social.mailbox.nextTo(email)).subject).toBe(
      'Google was unlinked from your account',
    )
    await social.link('YANDEX', viewer)
    expect((await social.mailbox.nextTo(email)).subject).toBe('Yandex was linked to your account')
  })
})

describe('a password that is reset', () => {
  const NEW_PASSWORD = 'staple and more horses'
  const resetTokenOf = async (email: string) => {
    await emailsOf(social).requestReset.answer({ email })
    return tokenIn(await social.mailbox.nextTo(email))
  }
  const reset = (token: string) =>
    emailsOf(social).reset.answer({ token, newPassword: NEW_PASSWORD })

  it('unlinks what a thief has linked, and says so in answer and mail', async () => {
    const { viewer, email } = await joinWithEmail(social, 'robbed')
    await social.link('GOOGLE', viewer)
    await social.mailbox.nextTo(email)
    expect(await reset(await resetTokenOf(email))).toEqual({
      __typename: 'PasswordReset',
      login: 'robbed',
      unlinkedSocialAccounts: 1,
    })
    expect((await social.mailbox.nextTo(email)).text).toContain('unlinked: 1.')
    expect((await social.signIn('GOOGLE')).user!.id).not.toBe(viewer.id)
    await social.logIn('robbed', NEW_PASSWORD)
  })

  it('takes an account from whose provider claimed the address to who reads its mail', async () => {
    const claimant = await social.signIn('GOOGLE')
    const email = provider.visitor.email!
    expect(await reset(await resetTokenOf(email))).toMatchObject({ unlinkedSocialAccounts: 1 })
    expect(typeOf(await social.signIn('GOOGLE'))).toBe('ConfirmByLoggingIn')
    const { user } = await social.logIn(claimant.user!.login, NEW_PASSWORD)
    expect(user.id).toBe(claimant.user!.id)
  })

  it('ends a link that was begun', async () => {
    const { viewer, email } = await joinWithEmail(social, 'begun')
    const callback = await social.comeBack(await social.start('GOOGLE', viewer))
    await reset(await resetTokenOf(email))
    expect(typeOf(await social.completeLink(callback, viewer))).toBe('SocialFlowEnded')
    expect(await providersOf(viewer.id)).toEqual([])
  })

  it('is not overtaken by a link that is under way', async () => {
    const { viewer, email } = await joinWithEmail(social, 'under-way')
    const token = await resetTokenOf(email)
    const callback = await social.comeBack(await social.start('GOOGLE', viewer))
    const [, refused] = await behindALock(postgres, ofAccount(viewer.id), [
      () => reset(token),
      () => social.completeLinkError(callback, viewer),
    ])
    expect(refused.extensions.code).toBe('UNAUTHENTICATED')
    expect(await providersOf(viewer.id)).toEqual([])
  })

  it('is not overtaken by a sign-in that is under way', async () => {
    const { viewer, email } = await joinWithEmail(social, 'signing-in')
    await social.link('GOOGLE', viewer)
    await social.mailbox.nextTo(email)
    const token = await resetTokenOf(email)
    const callback = await social.comeBack(await social.start('GOOGLE'))
    const [, refused] = await behindALock(postgres, ofAccount(viewer.id), [
      () => reset(token),
      () => social.completeError(callback),
    ])
    expect(refused.extensions.code).toBe('UNAUTHENTICATED')
    const live = { userId: viewer.id, endedAt: null }
    expect(await postgres.prisma.session.count({ where: live })).toBe(0)
  })
})

it('a password that is changed ends a link that was begun with the old one', async () => {
  const viewer = await registered()
  const callback = await social.comeBack(await social.start('GOOGLE', viewer))
  const change = `mutation ($old: String, $new: String!) {
    changePassword(oldPassword: $old, newPassword: $new) { __typename }
  }`
  const passwords = { old: PASSWORD, new: 'staple and more horses' }
  expectData(await social.run(change, passwords, viewer))
  expect(typeOf(await social.completeLink(callback, viewer))).toBe('SocialFlowEnded')
})

describe('socialAccounts', () => {
  const USER = `query ($reference: [_Any!]!) {
    _entities(representations: $reference) { ... on User { socialAccounts { provider } } }
  }`
  const asked = async (id: string, viewer?: UserViewer) => {
    const reference = [{ __typename: 'User', id }]
    const answer = await social.run<{ _entities: unknown[] }>(USER, { reference }, viewer)
    return expectData(answer)._entities[0]
  }

  it('are for their owner and for who may read users', async () => {
    const viewer = await signedIn('GOOGLE')
    const own = { socialAccounts: [{ provider: 'GOOGLE' }] }
    expect(await asked(viewer.id, viewer)).toEqual(own)
    expect(await asked(viewer.id, asUser({ permissions: ['users:read'] }))).toEqual(own)
    expect(await asked(viewer.id, asUser())).toEqual({ socialAccounts: null })
    expect(await asked(viewer.id)).toEqual({ socialAccounts: null })
  })
})

it('is for those who are logged in', async () => {
  const asked = { provider: 'GOOGLE', redirectUri: REDIRECT_URI } as const
  const errors = [
    await social.startLinkError(asked),
    await social.completeLinkError({ flow: 'f', state: 's', code: 'c' }),
    await social.acceptError('token'),
    await social.unlinkError('GOOGLE'),
  ]
  expect(errors.map((it) => it.extensions.code)).toEqual(Array(4).fill('UNAUTHENTICATED'))
})
