/** The mutations that anyone may send, logged in or not. Every other one carries an authorization directive. */
export const PUBLIC_MUTATIONS: readonly string[] = [
  'completeSocialSignIn',
  'confirmEmail',
  'logIn',
  'logOut',
  'refreshSession',
  'register',
  'requestPasswordReset',
  'resetPassword',
  'startSocialSignIn',
]
