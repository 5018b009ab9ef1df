/** For tests that call their own servers by https. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll } from 'vitest'
import { createSelfSignedCertificate } from './self-signed-certificate.ts'

/** A certificate that this process trusts as long as the tests of the file run. */
export function createTrustedCertificate(): ReturnType<typeof createSelfSignedCertificate> {
  const certificate = createSelfSignedCertificate()
  const usualAuthorities = getCACertificates('default')
  beforeAll(() => setDefaultCACertificates([...usualAuthorities, certificate.cert]))
  afterAll(() => setDefaultCACertificates(usualAuthorities))
  return certificate
}
