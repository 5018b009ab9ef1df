import { describe, expect, it } from 'vitest'
import { startSignInBody } from '../../../src/http/admin/contract.ts'
import { findWrong, noWishes, regions, toBody, wishesOf, type Wishes } from './wishes.ts'

const center: Wishes = {
  ...noWishes,
  kind: 'identity-center',
  startUrl: ' https://d-1234567890.awsapps.com/start/#/ ',
  region: 'eu-west-1',
}

describe('what is asked for', () => {
  it('is a Builder ID without anything else', () => {
    expect(findWrong(noWishes)).toEqual([])
    expect(toBody(noWishes, undefined)).toEqual({})
  })

  it('passes over what belongs to the other kind', () => {
    expect(toBody({ ...center, kind: 'builder-id' }, undefined)).toEqual({})
  })

  it('is a body that the gateway takes', () => {
    const wishes = { ...center, label: ' mine ', tags: 'blue, green，blue ,', proxyUrl: 'http://proxy:3128' }
    const body = toBody(wishes, undefined)
    expect(body).toMatchObject({ label: 'mine', tags: ['blue', 'green'], proxyUrl: 'http://proxy:3128' })
    expect(startSignInBody.parse(body)).toMatchObject({
      startUrl: 'https://d-1234567890.awsapps.com/start',
      region: 'eu-west-1',
    })
  })

  it('leaves an account that signs in again as it was set up', () => {
    expect(toBody({ ...center, label: 'other' }, 'account')).toEqual({ accountId: 'account' })
  })

  it.each([
    ['', 'us-east-1', ['startUrl']],
    ['http://d-1234567890.awsapps.com/start', 'us-east-1', ['startUrl']],
    ['https://awsapps.com.evil.example/start', 'us-east-1', ['startUrl']],
    ['https://d-1234567890.awsapps.com/start', 'Ireland', ['region']],
    ['https://d-1234567890.awsapps.com/start', 'eu-west-1', []],
  ])('finds what is wrong with %j in %s', (startUrl, region, wrong) => {
    expect(findWrong({ ...center, startUrl, region })).toEqual(wrong)
  })

  it.each(regions)('offers %s, which is a region', (region) => {
    expect(findWrong({ ...center, region })).toEqual([])
  })

  it('is known again of one that was begun elsewhere', () => {
    const told = { startUrl: 'https://d-1234567890.awsapps.com/start', region: 'eu-west-1', label: 'x' }
    expect(wishesOf(told)).toMatchObject({ kind: 'identity-center', ...told })
    const builder = { startUrl: 'https://view.awsapps.com/start', region: 'us-east-1', label: null }
    expect(wishesOf(builder)).toEqual(noWishes)
  })
})
