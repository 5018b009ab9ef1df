/** How clients are told to come here with a key. Pure. */

export interface Snippet {
  name: 'curl' | 'claude-code' | 'openai-python'
  text: string
}

interface SnippetParts {
  /** Of the gateway, as the browser reached it. */
  origin: string
  key: string
  /** One that the key may use. */
  model: string
}

export function writeSnippets({ origin, key, model }: SnippetParts): Snippet[] {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] })
  return [
    {
      name: 'curl',
      text: [
        `curl ${quote(`${origin}/v1/chat/completions`)} \\`,
        `  -H ${quote(`Authorization: Bearer ${key}`)} \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -d ${quote(body)}`,
      ].join('\n'),
    },
    {
      // Its own variable for keys of Anthropic would be sent as well, so it has to be empty.
      name: 'claude-code',
      text: [
        `export ANTHROPIC_BASE_URL=${quote(origin)}`,
        `export ANTHROPIC_AUTH_TOKEN=${quote(key)}`,
        'unset ANTHROPIC_API_KEY',
        'claude',
      ].join('\n'),
    },
    {
      name: 'openai-python',
      text: [
        'from openai import OpenAI',
        '',
        `client = OpenAI(base_url=${JSON.stringify(`${origin}/v1`)}, api_key=${JSON.stringify(key)})`,
        'answer = client.chat.completions.create(',
        `    model=${JSON.stringify(model)},`,
        '    messages=[{"role": "user", "content": "Hello!"}],',
        ')',
        'print(answer.choices[0].message.content)',
      ].join('\n'),
    },
  ]
}

/** For a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
