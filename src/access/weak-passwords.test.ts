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
