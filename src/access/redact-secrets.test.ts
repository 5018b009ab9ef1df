import { describe, expect, it } from 'vitest'
import { countLeaks } from '../../test/secret-texts.ts'
import { redactSecrets } from './redact-secrets.ts'

describe('the redactor', () => {
  it('S26: leaves nothing of a secret, whatever stands around it', () => {
    expect(countLeaks(redactSecrets, { runs: 1000 })).toBe(0)
  })

  it('can fail: what redacts nothing leaks every time', () => {
    expect(countLeaks((text) => text, { runs: 50 })).toBe(50)
  })

  it.each([
    ['sent Bearer abc to http://me:pw@proxy:1', 'sent [redacted] to http://[redacted]@proxy:1'],
    ['https://me:p@ss:w@rd@proxy:3128/x', 'https://[redacted]@proxy:3128/x'],
    ['grant_type=refresh&client_secret=abc&x=1', 'grant_type=refresh&client_secret=[redacted]&x=1'],
    ['{"accessToken":"abc","region":"x"}', '{"accessToken":"[redacted]","region":"x"}'],
    ['Cookie: session=abc', 'Cookie: [redacted]'],
    ['Cookie: theme=dark; session=abc\nHost: x', 'Cookie: [redacted]\nHost: x'],
    ['aq2:0123456789abcdef:AbC-_d does not open', '[redacted] does not open'],
    ['aqk1:01234567:AbC-_d', '[redacted]'],
    ['export OPENAI_API_KEY="a b, c"', 'export OPENAI_API_KEY="[redacted]"'],
    ["const client = { apiKey: 'it\\'s' }", "const client = { apiKey: '[redacted]' }"],
    ['"passphrase": "correct horse, battery" }', '"passphrase": "[redacted]" }'],
    [
      'AWS_SECRET_ACCESS_KEY=wJalr/X+Y AccountKey=abc==',
      'AWS_SECRET_ACCESS_KEY=[redacted] AccountKey=[redacted]',
    ],
    [String.raw`-d "{\"password\":\"a b\",\"x\":1}"`, String.raw`-d "{\"password\":\"[redacted]\",\"x\":1}"`],
    [String.raw`TOKEN=\"a b\" next`, String.raw`TOKEN=\"[redacted]\" next`],
    ['password := "abc"; $secret => \'abc\'', 'password := "[redacted]"; $secret => \'[redacted]\''],
    ["curl -H 'Authorization: Token abc' x", "curl -H 'Authorization: [redacted]' x"],
    [String.raw`{\"Authorization\": \"abc\"}`, String.raw`{\"Authorization\": \"[redacted]\"}`],
    ['api-key: abc', 'api-key: [redacted]'],
    [
      '[default]\naws_secret_access_key = wJalr/X+Y\nregion = here',
      '[default]\naws_secret_access_key = [redacted]\nregion = here',
    ],
    [String.raw`{"a":"x\nsecret: abc\n"}`, String.raw`{"a":"x\nsecret: [redacted]\n"}`],
    ['db:\n  - password: hunter2\r\n', 'db:\n  - password: [redacted]\r\n'],
    ['password: hunter$2', 'password: [redacted]'],
    ['password: int$thing\nsecret: none!1', 'password: [redacted]\nsecret: [redacted]'],
    ['DB_PASSWORD = pa$$word', 'DB_PASSWORD = [redacted]'],
    ['password: a,b(c)d;e\n- password: p@ss)', 'password: [redacted]\n- password: [redacted]'],
    ['password: abc # prod\nuser: me # too', 'password: [redacted] # prod\nuser: me # too'],
    ['# password: abc\n  // Secret = abc', '# password: [redacted]\n  // Secret = [redacted]'],
    [' * token: abc\n# - api_key: abc', ' * token: [redacted]\n# - api_key: [redacted]'],
    ['MASTER_KEY=abc SIGNING_KEY=abc', 'MASTER_KEY=[redacted] SIGNING_KEY=[redacted]'],
    ['ENCRYPTION_KEY="a b" DB_PWD=abc', 'ENCRYPTION_KEY="[redacted]" DB_PWD=[redacted]'],
    ['machine h login u password abc', 'machine h login u password [redacted]'],
    ['default\n  login u\n  password abc\n', 'default\n  login u\n  password [redacted]\n'],
    ['const token = `abc`', 'const token = `[redacted]`'],
    [`Digest uri="/", response="${'0a'.repeat(16)}"`, 'Digest uri="/", response="[redacted]"'],
    ['tool --auth-token abc --password "d e"', 'tool --auth-token [redacted] --password [redacted]'],
    ["curl -u 'me:abc' https://a.example", "curl -u 'me:[redacted]' https://a.example"],
    ['<user>me</user><password>abc</password>', '<user>me</user><password>[redacted]</password>'],
    ['https://a.example/x?key=abc&alt=1', 'https://a.example/x?key=[redacted]&alt=1'],
    [
      'https://a.example/x?sv=1&sig=a%2B&X-Amz-Signature=b',
      'https://a.example/x?sv=1&sig=[redacted]&X-Amz-Signature=[redacted]',
    ],
    [`ghp_${'a1'.repeat(18)} glpat-${'x'.repeat(20)}`, '[redacted] [redacted]'],
    [`AIza${'Sy'.repeat(17)} hf_${'a'.repeat(34)}`, '[redacted] [redacted]'],
  ])('makes of %j %j', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected)
  })

  it.each([
    'The model claude-sonnet-4.5 is not known here.',
    'connect ECONNREFUSED 127.0.0.1:8000',
    'HTTP 502 from https://q.us-east-1.amazonaws.com/',
    'max_tokens: must be a whole number; 12 tokens of 200000 are left',
    'req_7kXabcdefghijklmnopqrstu of 5f0c2f5e-7d1e-4d1f-9b0a-0b0f6f0f6f0f',
    'task-force, desk_lamp, disk-usage',
    'npm_config_registry_of_this_machine, token: string, apiKey: undefined',
    'the token "abc" is in no header; tokens: "5"',
    'interface Sign {\n  password: string\n  token: string | undefined\n  next = nextToken()\n  secret: Secret<string>\n}',
    'for (const token of tokens) read(token) // --- the last token\n',
    'password: string;\nconst token = readToken(x)\ntoken: Token\napiKey: ApiKey # of them\n',
    'token = readToken(x)\npassword: getpass.getpass()\nsecret = secrets[0]\ntoken: given.token,\nsecret: Of)\n',
    'password: ${DB_PASSWORD}\ntoken: {{ token }}\nsecret: <a secret>\n# Password: it must be long',
    'PWD=/home/me\npwd: /home/me\nthe login page, its password field\nresponse="deadbeef"',
    'token: `string` | `${name}`\n- Token: required.\ntokens: string[]\ntoken: string[]\nprimary key: id\n',
  ])('leaves alone: %s', (text) => {
    expect(redactSecrets(text)).toBe(text)
  })

  it.each([
    '',
    'token": ',
    'token = ',
    String.raw`token=\"`,
    'token \\\\',
    '\ntoken',
    '\npassword = abc',
    '--token',
    ' -u a:',
    'machine a login',
    '\npassword: a',
    '\n#',
    'token: `',
    'token>abc',
    'cookie',
    'authorization :',
    'bearer',
    '://',
    'eyJ',
    '"',
  ])('S50: takes no longer, for its length, for %j and many blanks', (start) => {
    const hostile = `${start}${' '.repeat(200_000)}`
    const began = process.cpuUsage()
    redactSecrets(hostile)
    redactSecrets(`${hostile}sk-0123456789`)
    redactSecrets(hostile.replaceAll(' ', ' "'))
    const { user } = process.cpuUsage(began)
    // What grows by the square takes minutes.
    expect(user / 1000).toBeLessThan(2000)
  })

  it('does so twice as well as once', () => {
    const once = redactSecrets('Authorization: Bearer abc, proxy http://a:b@c:1, sk-0123456789')
    expect(redactSecrets(once)).toBe(once)
  })
})
