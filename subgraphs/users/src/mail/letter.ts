/** What each kind of letter tells, beside whom it is for. Nothing that a stranger writes gets into a stranger's letter. */
export interface Facts {
  VERIFY_EMAIL: { handle: string; code: string; link: string };
  RESET_PASSWORD: { handle: string; code: string };
  STEP_UP: { handle: string; code: string };
  CHANGE_EMAIL: { handle: string; code: string };
  EMAIL_IN_USE: { handle: string };
  EMAIL_CHANGE_ASKED: { handle: string; email: string };
  EMAIL_CHANGED: { handle: string; email: string; link: string };
  EMAIL_CHANGE_UNDONE: { handle: string; email: string };
  PASSWORD_CHANGED: { handle: string };
  NEW_LOG_IN: { handle: string; device: string | null; address: string };
  IDENTITY_LINKED: { handle: string; provider: string };
}
export type LetterKind = keyof Facts;

/** A letter as it is sent. */
export interface Letter {
  /** The same whenever it is sent: a receiver can tell that it came twice. */
  id: string;
  to: string;
  subject: string;
  text: string;
}

const NOT_YOU =
  'If that was not you, somebody may know your password: log in and change it, or have a code sent to you for a new one. ' +
  'Either ends all other sessions.';
const IGNORE = 'If you did not ask for it, ignore this letter: without the code nothing happens.';

/** Subject and paragraphs by kind. */
const texts: { [Kind in LetterKind]: (facts: Facts[Kind]) => [string, ...string[]] } = {
  VERIFY_EMAIL: ({ handle, code, link }) => [
    `${code} is your code for Chorus`,
    `Welcome to Chorus, @${handle}. To verify this address enter the code ${code}, or open`,
    link,
    'Code and link are good for 24 hours. If you did not sign up, ignore this letter.',
  ],
  RESET_PASSWORD: ({ handle, code }) => [
    `${code} is your code for a new password`,
    `Somebody, you probably, wants a new password for @${handle} on Chorus. The code is ${code}, for 10 minutes.`,
    IGNORE,
  ],
  STEP_UP: ({ handle, code }) => [
    `${code} is your code for Chorus`,
    `To prove that you are @${handle} enter the code ${code}, within 10 minutes.`,
    'Give it to nobody. If you did not ask for it, somebody else is signed in to your account: log in and end all sessions.',
  ],
  CHANGE_EMAIL: ({ handle, code }) => [
    `${code} is your code for Chorus`,
    `@${handle} on Chorus is to have this address. To confirm it enter the code ${code}, within an hour.`,
    IGNORE,
  ],
  EMAIL_IN_USE: ({ handle }) => [
    'This address has an account on Chorus already',
    `@${handle} on Chorus was to have this address, but another account has it, and an address is of one account only.`,
    'If you asked for it: log in with this address, and change that account’s address first. If not, ignore this letter.',
  ],
  EMAIL_CHANGE_ASKED: ({ handle, email }) => [
    'Your account is to have another address',
    `@${handle} on Chorus is to have the address ${email}. It is changed once that address is confirmed.`,
    NOT_YOU,
  ],
  EMAIL_CHANGED: ({ handle, email, link }) => [
    'Your account has another address',
    `@${handle} on Chorus now has the address ${email}, and letters go there from now on.`,
    'If that was not you, open',
    link,
    'within 7 days: it gives your account this address back and ends all sessions. Then have a code sent to you for a new ' +
      'password. Give the link to nobody.',
  ],
  EMAIL_CHANGE_UNDONE: ({ handle, email }) => [
    'Your account has its former address again',
    `Somebody who reads letters to ${email} has taken back the change of the address of @${handle} on Chorus, and all sessions ` +
      'have ended.',
    'If you did not want that, log in, change your password, and then the address.',
  ],
  PASSWORD_CHANGED: ({ handle }) => [
    'Your password was changed',
    `The password of @${handle} on Chorus was changed just now. All other sessions have ended.`,
    'If that was not you, have a code sent to you for a new one.',
  ],
  IDENTITY_LINKED: ({ handle, provider }) => [
    'A new way to log in to your account',
    `@${handle} on Chorus can now be logged in to by ${provider}.`,
    'If that was not you, log in, unlink it, change your password and end all other sessions.',
  ],
  NEW_LOG_IN: ({ handle, device, address }) => [
    'A new log-in to your account',
    `Somebody, you probably, logged in as @${handle} on Chorus, from ${address} with ${device ?? 'an unknown device'}.`,
    NOT_YOU,
  ],
};

/** Enough for who knows the address; who reads another mailbox of the person does not learn it. */
export const veiled = (email: string): string => `${Array.from(email)[0] ?? ''}…${email.slice(email.lastIndexOf('@'))}`;

export function compose<Kind extends LetterKind>(kind: Kind, facts: Facts[Kind]): Pick<Letter, 'subject' | 'text'> {
  const [subject, ...paragraphs] = texts[kind](facts);
  return { subject, text: `${paragraphs.join('\n\n')}\n` };
}

/** Kinds of which only the last is good, so that one still waiting is replaced by the next. */
export const REPLACED: ReadonlySet<LetterKind> = new Set<LetterKind>([
  'VERIFY_EMAIL',
  'RESET_PASSWORD',
  'STEP_UP',
  'CHANGE_EMAIL',
]);
