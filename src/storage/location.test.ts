import { describe, expect, it } from 'vitest'
import { StartError } from '../start-error.ts'
import { locateDatabase } from './location.ts'

describe('locateDatabase', () => {
  it.each([
    [undefined, { path: 'folder/data.sqlite3' }],
    ['sqlite:other.db', { path: 'other.db' }],
    ['sqlite:/srv/other.db', { path: '/srv/other.db' }],
    ['sqlite:///srv/other.db', { path: '/srv/other.db' }],
    ['postgres://user:secret@host/database', { url: 'postgres://user:secret@host/database' }],
    ['postgresql://host/database?sslmode=require', { url: 'postgresql://host/database?sslmode=require' }],
  ])('finds %s', (databaseUrl, expected) => {
    expect(locateDatabase(databaseUrl, 'folder')).toEqual(expected)
  })

  it.each([
    ['mysql://user:canary@host/database', /MySQL comes later/],
    ['sqlite:', /lacks the path/],
    ['postgres://user:canary@:x', /not a valid postgres/],
    ['canary.db', /must be sqlite:PATH or postgres/],
    ['mongodb://canary', /must be sqlite:PATH or postgres/],
  ])('refuses %s in one line that names the variable and repeats nothing', (databaseUrl, words) => {
    const locate = () => locateDatabase(databaseUrl, 'folder')
    expect(locate).toThrow(StartError)
    expect(locate).toThrow(words)
    expect(locate).toThrow(/^DATABASE_URL(?!.*canary)/)
    expect(locate).not.toThrow(/\n/)
  })
})
