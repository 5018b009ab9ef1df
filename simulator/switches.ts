/** Everything about the simulator's conduct that a test, the demo or an operator of it may change. */
import { z } from 'zod'

const limitsSchema = z.strictObject({
  historyEntries: z.number(),
  userMessageCharacters: z.number(),
  toolResultCharacters: z.number(),
  toolDescriptionCharacters: z.number(),
  toolNameCharacters: z.number(),
  imagesPerRequest: z.number(),
  /** Width and height of an image, each. */
  imagePixels: z.number(),
  /** The same when a request has more images than `manyImages`. */
  imagePixelsAmongMany: z.number(),
  manyImages: z.number(),
  imageBase64Characters: z.number(),
  documentsPerRequest: z.number(),
  documentBase64Characters: z.number(),
  /** For a model with a window of 200 000 tokens, without image and document data; larger windows scale it. */
  bodyBytes: z.number(),
  /** The front end's own cap, whatever the model. */
  frontEndBodyBytes: z.number(),
})

const switchesSchema = z.strictObject({
  /** As the newest service, which accepts user and assistant messages in any order. */
  lenient: z.boolean(),
  /** Every structural fault is "Improperly formed request." with reason null. */
  legacyErrors: z.boolean(),
  /** Refuse what the service accepts but models suffer from (S7, S9) instead of noting it. */
  refuseQualityFaults: z.boolean(),
  /** Refuse the keywords of tool schemas that some channels take and others do not. */
  strictSchemas: z.boolean(),
  /** Refuse every keyword of tool schemas but the plainest. */
  plainSchemas: z.boolean(),
  /** Accounts of an identity centre must name a profile of theirs; Builder IDs must not, but for Kiro's runtime. */
  profilePolicy: z.boolean(),
  /** A new account of an identity centre has one profile in each of these regions. */
  profileRegions: z.array(z.string()).readonly(),
  /** What an answer costs, whatever its model and length. */
  creditsPerRequest: z.number().nonnegative(),
  /** How dates of usage limits are written: as modelled, as a float with an exponent, or as text. */
  dateSpelling: z.enum(['epoch-seconds', 'scientific', 'iso']),
  awsJsonThrottleStatus: z.number(),
  restThrottleStatus: z.number(),
  /** Echoed answers end with `metadataEvent`, as newer channels do. */
  metadataEvents: z.boolean(),
  accessTokenLifeSeconds: z.number(),
  registrationLifeSeconds: z.number(),
  deviceCodeLifeSeconds: z.number(),
  pollIntervalSeconds: z.number(),
  slowDownPenaltySeconds: z.number(),
  /** What a refresh answers: a new refresh token that ends the old one, the same one, or none. */
  refreshTokens: z.enum(['rotate', 'repeat', 'omit']),
  /** A second login with the same client ends the refresh token of the first. */
  oneLoginPerClient: z.boolean(),
  /** Device codes approve themselves at this poll; null: somebody must approve. */
  approveAtPoll: z.number().nullable(),
  /** The sign-in link leads to the simulator's own page with approve and deny. */
  approvalPage: z.boolean(),
  /** Where the sign-in link leads to instead of the start URL, however hostile; null: nowhere else. */
  verificationUri: z.string().nullable(),
  /** Start URLs that sign in elsewhere. A host that tells no region is the wrong one for so many calls. */
  startUrlHomes: z
    .array(
      z.strictObject({
        startUrl: z.string(),
        region: z.string(),
        wrongCalls: z.number().int().nonnegative(),
      }),
    )
    .readonly(),
  /** The `Date` of answers is so many seconds off. */
  dateSkewSeconds: z.number(),
  /** Oldest journal entries beyond this number are forgotten. */
  journalEntries: z.number(),
  /** Request bodies are kept in the journal. */
  journalBodies: z.boolean(),
  limits: limitsSchema,
})

export type Switches = z.infer<typeof switchesSchema>
export type Limits = Switches['limits']

/** Any part of the switches. */
export const switchChangesSchema = switchesSchema.extend({ limits: limitsSchema.partial() }).partial()

export type SwitchChanges = z.infer<typeof switchChangesSchema>

const defaultSwitches: Switches = {
  lenient: false,
  legacyErrors: false,
  refuseQualityFaults: false,
  strictSchemas: true,
  plainSchemas: false,
  profilePolicy: true,
  profileRegions: ['us-east-1'],
  creditsPerRequest: 0.03,
  dateSpelling: 'epoch-seconds',
  awsJsonThrottleStatus: 400,
  restThrottleStatus: 429,
  metadataEvents: true,
  accessTokenLifeSeconds: 3600,
  registrationLifeSeconds: 90 * 24 * 3600,
  deviceCodeLifeSeconds: 600,
  pollIntervalSeconds: 1,
  slowDownPenaltySeconds: 5,
  refreshTokens: 'rotate',
  oneLoginPerClient: true,
  approveAtPoll: null,
  approvalPage: false,
  verificationUri: null,
  startUrlHomes: [],
  dateSkewSeconds: 0,
  journalEntries: 1000,
  journalBodies: true,
  limits: {
    historyEntries: 10_000,
    userMessageCharacters: 600_000,
    toolResultCharacters: 800_000,
    toolDescriptionCharacters: 10_240,
    toolNameCharacters: 64,
    imagesPerRequest: 100,
    imagePixels: 8000,
    imagePixelsAmongMany: 2000,
    manyImages: 20,
    imageBase64Characters: 5_242_880,
    documentsPerRequest: 5,
    documentBase64Characters: 6_000_000,
    bodyBytes: 1_250_000,
    frontEndBodyBytes: 32_000_000,
  },
}

export interface SwitchBoard {
  current(): Switches
  change(changes: SwitchChanges): void
  reset(): void
}

/** `initial` is what `reset` goes back to. */
export function createSwitchBoard(initial: SwitchChanges): SwitchBoard {
  const start = applyChanges(defaultSwitches, initial)
  let switches = start
  return {
    current: () => switches,
    change(changes) {
      switches = applyChanges(switches, changes)
    },
    reset() {
      switches = start
    },
  }
}

function applyChanges(switches: Switches, changes: SwitchChanges): Switches {
  const merged = { ...switches, ...changes, limits: { ...switches.limits, ...changes.limits } }
  return switchesSchema.parse(merged)
}
