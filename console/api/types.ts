/** The shapes of the operator's routes, taken from the schemas by which the gateway writes and reads them. */
import type * as z from 'zod'
import type {
  accountAnswer,
  accountChangesAnswer,
  accountPageAnswer,
  accountUsageAnswer,
  eventCheckAnswer,
  eventListAnswer,
  importAnswer,
  keyAnswer,
  keyListAnswer,
  modelListAnswer,
  keyRotationAnswer,
  newKeyAnswer,
  signInAnswer,
  signInListAnswer,
  signInStartAnswer,
} from '../../src/http/admin/answers.ts'
import type {
  captureBody,
  capturedBodiesAnswer,
  capturesAnswer,
} from '../../src/http/admin/capture-contract.ts'
import type {
  accountDayAnswer,
  accountTrafficAnswer,
  callDetailAnswer,
  callHistogramAnswer,
  callListAnswer,
  feedChange,
  feedSnapshot,
  healthChecksAnswer,
  latencyAnswer,
  poolQuotaAnswer,
  topTrafficAnswer,
  trafficAnswer,
} from '../../src/http/admin/console-contract.ts'
import type { changeAccountBody, createAccountBody, startSignInBody } from '../../src/http/admin/contract.ts'
import type { changeKeyBody, createKeyBody } from '../../src/http/admin/key-contract.ts'
import type { setupListAnswer } from '../../src/http/admin/setup-contract.ts'
import type {
  proxyTrialAnswer,
  settingsAnswer,
  systemAnswer,
} from '../../src/http/admin/settings-contract.ts'
import type {
  newTokenView,
  operatorSessionList,
  sessionView,
  tokenList,
} from '../../src/http/admin/operator-contract.ts'

export type Account = z.infer<typeof accountAnswer>
export type AccountPage = z.infer<typeof accountPageAnswer>
export type AccountChangeList = z.infer<typeof accountChangesAnswer>
export type AccountUsage = z.infer<typeof accountUsageAnswer>
/** As it was typed: which regions there are the gateway knows. */
type AnyRegion<B> = Omit<B, 'region'> & { region?: string }
export type NewAccount = AnyRegion<z.input<typeof createAccountBody>>
export type AccountChanges = AnyRegion<z.input<typeof changeAccountBody>>
export type ImportResult = z.infer<typeof importAnswer>
export type SignInWishes = AnyRegion<z.input<typeof startSignInBody>>
export type StartedSignIn = z.infer<typeof signInStartAnswer>
export type SignIn = z.infer<typeof signInAnswer>
export type SignInList = z.infer<typeof signInListAnswer>
export type Key = z.infer<typeof keyAnswer>
export type KeyList = z.infer<typeof keyListAnswer>
export type NewKey = z.infer<typeof newKeyAnswer>
export type KeyWishes = z.input<typeof createKeyBody>
export type KeyChanges = z.input<typeof changeKeyBody>
export type ModelList = z.infer<typeof modelListAnswer>
export type EventList = z.infer<typeof eventListAnswer>
export type EventEntry = EventList['events'][number]
export type TokenList = z.infer<typeof tokenList>
export type OperatorSessionList = z.infer<typeof operatorSessionList>
export type OperatorSession = OperatorSessionList['sessions'][number]
export type Token = TokenList['tokens'][number]
export type NewToken = z.infer<typeof newTokenView>
export type Settings = z.infer<typeof settingsAnswer>
export type Setting = Settings['settings'][number]
export type ProxyTrial = z.infer<typeof proxyTrialAnswer>
export type SystemView = z.infer<typeof systemAnswer>
export type KeyRotation = z.infer<typeof keyRotationAnswer>
export type SessionView = z.infer<typeof sessionView>
export type FeedSnapshot = z.infer<typeof feedSnapshot>
export type FeedTopic = z.infer<typeof feedChange>['topics'][number]
export type Latency = z.infer<typeof latencyAnswer>
export type Traffic = z.infer<typeof trafficAnswer>
export type TopTraffic = z.infer<typeof topTrafficAnswer>
export type PoolQuota = z.infer<typeof poolQuotaAnswer>
export type HealthChecks = z.infer<typeof healthChecksAnswer>
export type AccountTraffic = z.infer<typeof accountTrafficAnswer>
export type AccountDay = z.infer<typeof accountDayAnswer>
export type CallList = z.infer<typeof callListAnswer>
export type Captures = z.infer<typeof capturesAnswer>
export type CaptureScope = Captures['rules'][number]['scope']
export type CaptureWishes = z.input<typeof captureBody>
export type CapturedBodies = z.infer<typeof capturedBodiesAnswer>
export type CapturedBody = NonNullable<CapturedBodies['answer']>
export type KeptCall = CallList['calls'][number]
export type CallDetail = z.infer<typeof callDetailAnswer>
export type CallHistogram = z.infer<typeof callHistogramAnswer>
export type SetupList = z.infer<typeof setupListAnswer>
export type Setup = SetupList['setups'][number]
export type { PresentStatus as AccountStatus } from '../../src/accounts/status.ts'
export type EventCheck = z.infer<typeof eventCheckAnswer>
