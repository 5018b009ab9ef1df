/** Files that are sent as images: sound ones, damaged ones, bombs, and what is no image at all. */
import { imageFormats, images } from '../../sample-images.ts'
import type { Random } from './random.ts'

export interface ImageFile {
  base64: string
  /** As the client calls it. */
  mediaType: string
  /** No model can be given it, so whoever attaches it has to be told. */
  isHopeless: boolean
}

const SIDE = 50_000
const LARGE_BYTES = 3_000_000
const OVERLONG_BYTES = 3_760_000
const SEGMENT_BYTES = 65_533

const LABELS = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/jpg', 'IMAGE/PNG'] as const

/** Beginnings of what browsers, libraries and systems take for something. */
const OTHERS = [
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>',
  '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
  '<!doctype html><script>alert(1)</script>',
  '%PDF-1.7\n',
  'PK\x03\x04\x14\0\0\0',
  'BM\x46\0\0\0',
  'II*\0\x08\0\0\0',
  '\0\0\x01\0\x01\0',
  '\0\0\0\x20ftypavif',
  '\0\0\0\x18ftypheic',
  'MZ\x90\0',
  '\x7fELF',
  'RIFF\x24\0\0\0WAVEfmt ',
  'push graphic-context\nviewbox 0 0 640 480\nfill \'url(https://127.0.0.1/x.jpg"|ls")\'',
] as const

export function drawImageFile(random: Random): ImageFile {
  const draw = random.pick([
    drawSound,
    drawSound,
    drawTruncated,
    drawPolyglot,
    drawNoBase64,
    drawBomb,
    drawOther,
    drawDamaged,
    drawExif,
  ])
  return random.below(100) === 0 ? drawLarge(random) : draw(random)
}

/** Some of them with a label of another format, which is the client's mistake and no reason to refuse them. */
export function drawSound(random: Random): ImageFile {
  return fileOf(soundBytes(random), random, false)
}

function soundBytes(random: Random): Buffer {
  return Buffer.from(images[random.pick(imageFormats)], 'base64')
}

function fileOf(bytes: Buffer, random: Random, isHopeless: boolean): ImageFile {
  return { base64: bytes.toString('base64'), mediaType: random.pick(LABELS), isHopeless }
}

/** What is left may tell its size still. */
function drawTruncated(random: Random): ImageFile {
  const bytes = soundBytes(random)
  const kept = bytes.subarray(0, random.below(bytes.length))
  return fileOf(kept, random, kept.length < 10)
}

function drawPolyglot(random: Random): ImageFile {
  const other = Buffer.from(random.pick(OTHERS), 'latin1')
  return fileOf(Buffer.concat([soundBytes(random), other]), random, false)
}

function drawNoBase64(random: Random): ImageFile {
  const { base64 } = drawSound(random)
  const at = random.below(base64.length - 10)
  const broken = random.pick([
    `${base64.slice(0, at)}%${base64.slice(at)}`,
    `${base64.slice(0, at)}=${base64.slice(at)}`,
    `${base64.slice(0, at)}\0${base64.slice(at)}`,
    `${base64.slice(0, at)}ü${base64.slice(at)}`,
    `${base64.replaceAll('=', '')}A`.padEnd(201, 'A'),
    '====',
    '',
    '  \n',
  ])
  return { base64: broken, mediaType: random.pick(LABELS), isHopeless: true }
}

/** Few bytes that would be ten gigabytes once they were decoded. */
function drawBomb(random: Random): ImageFile {
  const [width, height] = random.pick<readonly [number, number]>([
    [SIDE, SIDE],
    [SIDE, 1],
    [1, 8001],
    [65_535, 65_535],
    [0, 0],
    [0, 100],
  ])
  const bytes = random.pick([pngOf, gifOf, jpegOf, wideWebpOf])(width, height)
  return fileOf(bytes, random, true)
}

function pngOf(width: number, height: number): Buffer {
  const bytes = Buffer.from(images.png, 'base64')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

function gifOf(width: number, height: number): Buffer {
  const bytes = Buffer.from(images.gif, 'base64')
  bytes.writeUInt16LE(width, 6)
  bytes.writeUInt16LE(height, 8)
  return bytes
}

function jpegOf(width: number, height: number): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8]), frameOf(width, height), Buffer.from([0xff, 0xd9])])
}

/** A JPEG's start of frame. */
function frameOf(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0])
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return frame
}

/** Its sides are kept less one, so that none can be nothing. */
function wideWebpOf(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(30)
  bytes.write('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0', 'latin1')
  bytes.writeUIntLE(Math.max(width, SIDE) - 1, 24, 3)
  bytes.writeUIntLE(Math.max(height, 1) - 1, 27, 3)
  return bytes
}

function drawOther(random: Random): ImageFile {
  const bytes = Buffer.concat([Buffer.from(random.pick(OTHERS), 'latin1'), random.bytes(random.below(60))])
  const file = fileOf(bytes, random, true)
  return { ...file, mediaType: random.pick([file.mediaType, 'image/svg+xml', 'text/html', '']) }
}

function drawDamaged(random: Random): ImageFile {
  const bytes = soundBytes(random)
  for (let flips = 1 + random.below(6); flips > 0; flips -= 1) {
    bytes[random.below(bytes.length)] = random.below(256)
  }
  return fileOf(bytes, random, false)
}

/** What stands before the frame of a JPEG: a lot of it, very many little pieces of it, or with no end. */
function drawExif(random: Random): ImageFile {
  const [width, height] = random.pick<readonly [number, number]>([
    [1, 1],
    [SIDE, SIDE],
  ])
  const filling = random.pick([
    () => segment(random.below(SEGMENT_BYTES)),
    () => repeat(segment(0), random.pick([10, 999, 5000])),
    () => Buffer.alloc(random.pick([10, 999, 20_000]), 0xff),
    () => Buffer.from([0xff, 0xe1, 0, 0]),
    () => Buffer.from([0xff, 0xda, 0, 2]),
  ])()
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8]), filling, frameOf(width, height)])
  return fileOf(bytes, random, width === SIDE)
}

function segment(length: number): Buffer {
  const bytes = Buffer.alloc(length + 4)
  bytes.write('\xff\xe1', 'latin1')
  bytes.writeUInt16BE(length + 2, 2)
  return bytes
}

function repeat(bytes: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => bytes))
}

/** Megabytes: of a sound image, of a bomb, of base64 that breaks off at its very end, or more than is taken. */
export function drawLarge(random: Random): ImageFile {
  const exif = repeat(segment(SEGMENT_BYTES), Math.floor(LARGE_BYTES / SEGMENT_BYTES))
  const large = (side: number) =>
    Buffer.concat([Buffer.from([0xff, 0xd8]), exif, frameOf(side, side), Buffer.alloc(100_000)])
  switch (random.below(4)) {
    case 0:
      return fileOf(large(1), random, false)
    case 1:
      return fileOf(large(SIDE), random, true)
    case 2: {
      const file = fileOf(large(1), random, true)
      return { ...file, base64: `${file.base64}!` }
    }
    default:
      return fileOf(Buffer.concat([soundBytes(random), Buffer.alloc(OVERLONG_BYTES)]), random, true)
  }
}
