/** What the first step asks for: which kind of sign-in, and how the account is set up that comes of it. */
import type { SignInList, SignInWishes } from '../../api/types.ts'
import { readStartUrl } from '../../../src/sign-in/aws-links.ts'

/** Of everybody with a Builder ID. */
const BUILDER_ID_START_URL = 'https://view.awsapps.com/start'

export interface Wishes {
  kind: 'builder-id' | 'identity-center'
  startUrl: string
  region: string
  label: string
  /** Separated by commas, as it is typed. */
  tags: string
  proxyUrl: string
}

export const noWishes: Wishes = {
  kind: 'builder-id',
  startUrl: '',
  region: 'us-east-1',
  label: '',
  tags: '',
  proxyUrl: '',
}

/** Where IAM Identity Center is offered most; any other may be typed. */
export const regions = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
] as const

export type WishField = 'startUrl' | 'region'

/** What is wrong before the gateway is asked. */
export function findWrong({ kind, startUrl, region }: Wishes): WishField[] {
  if (kind === 'builder-id') return []
  const wrong: WishField[] = []
  if (readStartUrl(startUrl) === undefined) wrong.push('startUrl')
  if (!/^[a-z]{2,8}(-[a-z]{2,16}){1,3}-\d{1,2}$/.test(region.trim())) wrong.push('region')
  return wrong
}

/** What is left empty is not sent. `accountId`: the account to sign in again, which keeps how it is set up. */
export function toBody(wishes: Wishes, accountId: string | undefined): SignInWishes {
  if (accountId !== undefined) return { accountId }
  const { kind, startUrl, region, label, proxyUrl } = wishes
  const tags = [...new Set(wishes.tags.split(/[,，、]/).map((tag) => tag.trim()))].filter((tag) => tag !== '')
  return {
    ...(kind === 'identity-center' && { startUrl: startUrl.trim(), region: region.trim() }),
    ...(label.trim() !== '' && { label: label.trim() }),
    ...(tags.length > 0 && { tags }),
    ...(proxyUrl.trim() !== '' && { proxyUrl: proxyUrl.trim() }),
  }
}

/** As far as a sign-in that was begun elsewhere tells what was asked for. */
export function wishesOf({
  startUrl,
  region,
  label,
}: Pick<SignInList['signIns'][number], 'startUrl' | 'region' | 'label'>): Wishes {
  const isBuilderId = startUrl === BUILDER_ID_START_URL
  return {
    ...noWishes,
    ...(!isBuilderId && { kind: 'identity-center', startUrl, region }),
    label: label ?? '',
  }
}
