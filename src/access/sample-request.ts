import type { AccessRequest } from './access-request.ts'

/** For tests: a program of this machine asks for the accounts. */
export function sampleRequest(changes: Partial<AccessRequest> = {}): AccessRequest {
  return {
    route: 'operator',
    method: 'GET',
    path: '/v2/accounts',
    target: '/v2/accounts',
    httpVersion: '1.1',
    isSecure: false,
    hosts: ['localhost:8000'],
    headers: { host: 'localhost:8000' },
    connection: {
      remoteAddress: '127.0.0.1',
      remotePort: 50_000,
      localAddress: '127.0.0.1',
      localPort: 8000,
    },
    ...changes,
  }
}
