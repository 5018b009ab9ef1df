/** Ids in the shapes that the services hand out. */
export type RandomBytes = (count: number) => Uint8Array

export interface Ids {
  requestId: () => string
  conversationId: () => string
  /** `tooluse_` and 22 URL-safe characters. */
  toolUseId: () => string
  accessToken: () => string
  /** Longer than 100 characters, as importers expect. */
  refreshToken: () => string
  clientId: () => string
  clientSecret: () => string
  /** Of an identity: that of the store and that of the user in it. */
  userId: () => string
  /** Last part of a profile's ARN: 12 capital letters. */
  profileId: () => string
  deviceCode: () => string
  /** `ABCD-EFGH` */
  userCode: () => string
}

const CODE_LETTERS = 'BCDFGHJKLMNPQRST'

export function createIds(randomBytes: RandomBytes): Ids {
  const token = (bytes: number) => Buffer.from(randomBytes(bytes)).toString('base64url')
  return {
    requestId: () => uuid(randomBytes),
    conversationId: () => uuid(randomBytes),
    toolUseId: () => `tooluse_${token(16).slice(0, 22)}`,
    accessToken: () => `aoaSim${token(48)}`,
    refreshToken: () => `aorSim${token(96)}`,
    clientId: () => token(16),
    clientSecret: () => `sim-secret-${token(96)}`,
    userId: () => `d-0000000000.${uuid(randomBytes)}`,
    profileId: () => letters(randomBytes(12)),
    deviceCode: () => token(32),
    userCode: () => userCode(randomBytes(8)),
  }
}

function uuid(randomBytes: RandomBytes): string {
  const hex = Buffer.from(randomBytes(16)).toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}

function userCode(bytes: Uint8Array): string {
  return `${letters(bytes.subarray(0, 4))}-${letters(bytes.subarray(4))}`
}

function letters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => CODE_LETTERS.charAt(byte % CODE_LETTERS.length)).join('')
}
