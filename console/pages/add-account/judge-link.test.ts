import { describe, expect, it } from 'vitest'
import { judgeLink } from './judge-link.ts'

describe('a link to sign in', () => {
  it.each([
    [
      'https://device.sso.us-east-1.amazonaws.com/?user_code=A',
      'console.example',
      'aws',
      'device.sso.us-east-1.amazonaws.com',
    ],
    ['https://d-1234567890.awsapps.com/start/#/device', '127.0.0.1', 'aws', 'd-1234567890.awsapps.com'],
    ['http://127.0.0.1:4000/__simulator/device', '127.0.0.1', 'simulated', '127.0.0.1:4000'],
    ['http://localhost:4000/x', '[::1]', 'simulated', 'localhost:4000'],
    // A gateway elsewhere has no business on the machine of whoever looks at it.
    ['http://127.0.0.1:4000/x', 'console.example', 'refused', '127.0.0.1:4000'],
    ['http://d-1234567890.awsapps.com/start', '127.0.0.1', 'refused', 'd-1234567890.awsapps.com'],
    ['https://d-1.awsapps.com.evil.example/start', '127.0.0.1', 'refused', 'd-1.awsapps.com.evil.example'],
    ['https://bucket.s3.amazonaws.com/', '127.0.0.1', 'refused', 'bucket.s3.amazonaws.com'],
    ['https://user@d-1.awsapps.com/start', '127.0.0.1', 'refused', 'd-1.awsapps.com'],
    ['javascript:alert(1)', '127.0.0.1', 'refused', 'javascript:alert(1)'],
    ['javascript://localhost/%0aalert(1)', 'localhost', 'refused', 'localhost'],
    ['no link', '127.0.0.1', 'refused', 'no link'],
  ])('%s on a page of %s is %s', (link, pageHost, kind, host) => {
    expect(judgeLink(link, pageHost)).toEqual({ kind, host })
  })
})
