import type { Migration } from 'kysely/migration'
import { initial } from './0001-initial.ts'
import { statusAndSettings } from './0002-status-and-settings.ts'
import { passwordAttempts } from './0003-password-attempts.ts'
import { signInAndChanges } from './0004-sign-in-and-changes.ts'
import { signIns } from './0005-sign-ins.ts'
import { quotas } from './0006-quotas.ts'
import { events } from './0007-events.ts'
import { clientKeys } from './0008-client-keys.ts'
import { operators } from './0009-operators.ts'
import { dataKeys } from './0010-data-keys.ts'
import { traffic } from './0011-traffic.ts'
import { assumedCredits } from './0012-assumed-credits.ts'
import { keptAnswers } from './0013-kept-answers.ts'
import { accountTraffic } from './0014-account-traffic.ts'
import { captures } from './0015-captures.ts'
import { topTraffic } from './0016-top-traffic.ts'
import { callSearch } from './0017-call-search.ts'
import { consoleSettings } from './0018-console-settings.ts'
import { accountPages } from './0019-account-pages.ts'

/** Every migration in order. Listed, not read from the folder, so that a bundle holds them. A released one never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
  '0002-status-and-settings': statusAndSettings,
  '0003-password-attempts': passwordAttempts,
  '0004-sign-in-and-changes': signInAndChanges,
  '0005-sign-ins': signIns,
  '0006-quotas': quotas,
  '0007-events': events,
  '0008-client-keys': clientKeys,
  '0009-operators': operators,
  '0010-data-keys': dataKeys,
  '0011-traffic': traffic,
  '0012-assumed-credits': assumedCredits,
  '0013-kept-answers': keptAnswers,
  '0014-account-traffic': accountTraffic,
  '0015-captures': captures,
  '0016-top-traffic': topTraffic,
  '0017-call-search': callSearch,
  '0018-console-settings': consoleSettings,
  '0019-account-pages': accountPages,
}
