/** For tests. */
import { sampleAccount as sampleOf } from '../sample-account.ts'

/** Without identity and quota: what a test is about it adds itself. */
export const sampleAccount = sampleOf({ id: 'account-1', label: 'First', identity: null, quota: null })
