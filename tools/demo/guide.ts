/** What the demo tells its user: examples that can be pasted as they are. */
export function describeDemo(gatewayUrl: string): string {
  return `
Aqueduct runs at ${gatewayUrl}, with a simulated Amazon Q behind it and one account signed in.
Nothing leaves this machine: the simulator makes up the answers.

The console, in a browser
  ${gatewayUrl}/

Or try, in another terminal:

OpenAI Chat Completions, streamed
  curl -N ${gatewayUrl}/v1/chat/completions -H 'content-type: application/json' \\
    -d '{"model":"claude-sonnet-4.5","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'

Anthropic Messages
  curl ${gatewayUrl}/v1/messages -H 'content-type: application/json' \\
    -d '{"model":"claude-sonnet-4.5","max_tokens":500,"messages":[{"role":"user","content":"Hello!"}]}'

Anthropic Messages, streamed
  curl -N ${gatewayUrl}/v1/messages -H 'content-type: application/json' \\
    -d '{"model":"claude-sonnet-4.5","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"Hello!"}]}'

The accounts, and the gateway's health
  curl ${gatewayUrl}/v2/accounts
  curl ${gatewayUrl}/healthz

Stop with Ctrl-C. The demo's data is removed then.
`
}
