import { describe, expect, it } from 'vitest'
import { isSignInLink, loopbackOrigin, readStartUrl } from './aws-links.ts'

describe('isSignInLink', () => {
  it.each([
    'https://view.awsapps.com/start/#/device?user_code=ABCD-EFGH',
    'https://d-9067642ac7.awsapps.com/start/#/device',
    'https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH',
    'https://ssoins-1234567890abcdef.portal.eu-west-1.app.aws/#/device',
    'https://us-east-1.signin.aws/device',
  ])('takes %s', (link) => {
    expect(isSignInLink(link, undefined)).toBe(true)
  })

  it.each([
    '',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://view.awsapps.com/start',
    'https://awsapps.com.evil.example/',
    'https://evil.example/view.awsapps.com',
    'https://evil.example/#.awsapps.com',
    'https://evilawsapps.com/',
    'https://view.awsapps.com@evil.example/',
    'https://user@view.awsapps.com/',
    'https://view.awsapps.com:8443/',
    'https://view.awsapps.com./',
    'https://evil.example\\.awsapps.com/',
    'https://view.awsapps\u3002com.evil.example/',
    'https://bucket.s3.amazonaws.com/phish.html',
    'https://ec2-1-2-3-4.compute-1.amazonaws.com/',
    'https://x.execute-api.us-east-1.amazonaws.com/',
    'https://view.awsapps.com/\r\nx',
    ' https://view.awsapps.com/',
    'http://127.0.0.1:9911/device',
  ])('does not take %j', (link) => {
    expect(isSignInLink(link, undefined)).toBe(false)
  })

  it('takes those of a sign-in service on this machine, of no other origin there', () => {
    const own = loopbackOrigin('http://127.0.0.1:9911')
    expect(isSignInLink('http://127.0.0.1:9911/__simulator/device', own)).toBe(true)
    expect(isSignInLink('http://127.0.0.1:9912/__simulator/device', own)).toBe(false)
    expect(isSignInLink('javascript:alert(1)', own)).toBe(false)
    expect(isSignInLink('https://evil.example/', own)).toBe(false)
  })
})

describe('loopbackOrigin', () => {
  it.each([
    ['http://localhost:9911/', 'http://localhost:9911'],
    ['http://[::1]:9911', 'http://[::1]:9911'],
    ['https://sign-in.example', undefined],
    ['http://127.0.0.1.evil.example', undefined],
    [undefined, undefined],
  ])('of %s is %s', (endpoint, origin) => {
    expect(loopbackOrigin(endpoint)).toBe(origin)
  })
})

describe('readStartUrl', () => {
  it.each([
    ['https://d-1.awsapps.com/start', 'https://d-1.awsapps.com/start'],
    ['https://d-1.awsapps.com/start/#/', 'https://d-1.awsapps.com/start'],
    [' https://d-1.awsapps.com/start/?tab=accounts ', 'https://d-1.awsapps.com/start'],
    ['https://identitycenter.amazonaws.com/ssoins-1', 'https://identitycenter.amazonaws.com/ssoins-1'],
    ['http://d-1.awsapps.com/start', undefined],
    ['https://evil.example/start', undefined],
    ['d-1.awsapps.com/start', undefined],
  ])('of %s is %s', (text, url) => {
    expect(readStartUrl(text)).toBe(url)
  })
})
