import { expect, it } from 'vitest'
import { StartError } from '../start-error.ts'
import { refuseWeakPassword } from './weak-passwords.ts'

it.each([
  'admin',
  '123456',
  'password',
  'Password',
  'PASSWORD123',
  'password1!',
  'change-me',
  'CHANGE_ME',
  'changeme',
  'change-me-2026',
  'random_string',
  'admin123',
  'admin123456',
  'Administrator',
  'your-password',
  'secret',
  'letmein123',
  '12345678',
  '1234567890',
  '87654321',
  'aaaaaaaaaaaa',
  'abababababab',
  'qwertyuiop',
  'P@ssw0rd',
  'replace-me',
  'short-1',
  '        ',
  ' admin  ',
  'iloveyou',
  'aqueduct',
])('S6: refuses ADMIN_PASSWORD=%s in a line that does not repeat it', (password) => {
  expect(() => refuseWeakPassword(password)).toThrow(StartError)
  expect(() => refuseWeakPassword(password)).toThrow(
    /^ADMIN_PASSWORD (is|repeats) .+: choose one of at least 12 characters/,
  )
})

/** What lists of leaked passwords begin with, and what compose files and READMEs have as examples. */
const WELL_KNOWN = [
  '123456 123456789 12345678 password qwerty123 qwerty1 111111 12345 secret 123123 1234567890 1234567 000000 qwerty abc123',
  'password1 iloveyou 11111111 dragon monkey 123123123 123321 qwertyuiop 00000000 Password 654321 target123 tinkle zag12wsx',
  '1q2w3e4r 666666 1q2w3e 7777777 princess letmein football baseball superman sunshine welcome admin admin123 Admin@123',
  'administrator root toor root123 rootroot test test123 testtest guest guest123 user user123 demo demo1234 default changeme',
  'change-me change_me ChangeMe! changeme123 changeit change-this CHANGE-THIS-NOW replace-me REPLACE_ME replaceme123 fixme',
  'your-password your_password yourpassword my-password mypassword adminpassword admin_password admin-password secretpassword',
  'random_string random-string randomstring placeholder example Example123 example-password secret-key secret_key secretkey',
  'your-secret-key your_secret_key yoursecretkey your-secret supersecret super-secret super_secret top-secret topsecret',
  'strongpassword strong-password StrongPassword1! password123 Password123 Password123! password1234 passw0rd P@ssw0rd',
  'P@ssw0rd123 p@ssword p@ssword1 pass pass123 pass1234 passpass password! password1! password2024 password2025 password2026',
  'admin1234 admin12345 admin123456 admin888 admin666 admin2024 admin2025 admin2026 admin! admin!@# admin@123 adminadmin',
  'letmein1 letmein123 letmeinnow welcome1 welcome123 Welcome1! welcome2026 login login123 master master123 access passphrase',
  'qwerty12 qwerty1234 qwerty12345 qwertyui asdfghjkl asdfgh zxcvbnm zxcvbn 1qaz2wsx 1qaz!QAZ qazwsx qazwsxedc q1w2e3r4',
  'a1b2c3d4 abcd1234 abc12345 abcdefgh abcdefg123 aa123456 a123456 a12345678 a123456789 123456a 1234abcd 123qwe 123qwe123',
  '1234qwer qwe123 asd123 zxc123 11223344 112233 121212 123654 147258369 159753 987654321 9876543210 88888888 99999999',
  '5201314 woaini woaini1314 woaini520 iloveyou1 iloveyou2 princess1 dragon123 monkey123 michael jordan23 shadow ashley',
  'none null undefined todo xxx xxxxxxxx aaaaaaaa abababab 12121212 01234567 asdf1234 test1234 testing123 temp temp1234',
  'aqueduct aqueduct1 amazonq amazon-q q2api kiro claude openai chatgpt gateway gateway123 api apikey api-key sk-admin',
].flatMap((line) => line.split(' '))

it('S6: two hundred passwords that everybody tries first end the start, in a line that repeats none', () => {
  expect(new Set(WELL_KNOWN).size).toBeGreaterThanOrEqual(200)
  const outcomes = WELL_KNOWN.map((password) => [password, exitCodeOf(password)])
  expect(outcomes.filter(([, exitCode]) => exitCode !== 78)).toEqual([])
})

function exitCodeOf(password: string): number | undefined {
  try {
    refuseWeakPassword(password)
    return undefined
  } catch (error) {
    return error instanceof StartError && !error.message.includes(`${password} `) ? error.exitCode : undefined
  }
}

it.each([
  'correct horse',
  'open sesame',
  'kf83-ahdu',
  '密码就是这句话没错吧',
  'xK9!pQ2z',
  'administration of ducks',
])('takes %s', (password) => {
  expect(() => refuseWeakPassword(password)).not.toThrow()
})
