import type { Language } from '@cinegraph/kit/language'
import type { AccountService } from '../accounts/account.service.js'
import type { AccountMail, Notice } from './account-mail.js'
import type { Background } from './background.js'

export interface AccountNoticesDependencies {
  accounts: Pick<AccountService, 'find'>
  mail: AccountMail
  background: Background
}

/** Tells owners what has happened to their accounts: it may have been somebody else. */
export class AccountNotices {
  constructor(private readonly dependencies: AccountNoticesDependencies) {}

  /** To the confirmed address, if there is one. Nobody waits for it. */
  tell(userId: string, notice: Notice, language: Language): void {
    const { accounts, background, mail } = this.dependencies
    background.run(`notice ${notice.kind}`, async () => {
      const account = await accounts.find(userId)
      if (account?.verifiedEmail) {
        await mail.notice(account.verifiedEmail, { ...notice, account, language })
      }
    })
  }
}
