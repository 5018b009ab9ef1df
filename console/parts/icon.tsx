/** Hand-drawn on a grid of 16, in strokes of the text's colour. */

const drawings = {
  overview: 'M2 9h3l2-5 3 8 2-3h2',
  accounts: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14a5.5 5.5 0 0 1 11 0',
  keys: 'M5.5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM7.3 8.7 13 3m-2 2 2 2',
  events: 'M3 4h10M3 8h10M3 12h6',
  docs: 'M4 2h6l3 3v9H4zM10 2v3h3',
  add: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.5 12 13 4.5',
  warn: 'M8 2 1.5 13.5h13zM8 6.5v3.5M8 12v.2',
  error: 'M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM8 4.5v4.5M8 11v.2',
  info: 'M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM8 7v4.5M8 4.6v.2',
  off: 'M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM3.5 12.5l9-9',
  pause: 'M5.5 3v10M10.5 3v10',
  wait: 'M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM8 4.5V8l2.5 2',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5V5H10',
  copy: 'M6 6h8v8H6zM3 10H2V2h8v1',
  more: 'M3.5 8v.1M8 8v.1M12.5 8v.1',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  eyeOff:
    'M2 2l12 12M6.2 4A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5l-1.6 2M4 5.2A12 12 0 0 0 1.5 8S4 12.5 8 12.5c.9 0 1.7-.2 2.5-.5',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM14 14l-3.5-3.5',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z',
  language: 'M1.5 4h7M5 2v2M7 4c-.5 3-2.5 5-5 6M3.5 6.5c1 2 2.5 3 4.5 3.5M8 14l3-7 3 7M9 12h4',
  leave: 'M6 2H3v12h3M10 4.5 13.5 8 10 11.5M13.5 8H6',
  left: 'M10 3 5 8l5 5',
  right: 'M6 3l5 5-5 5',
  down: 'M3 6l5 5 5-5',
  up: 'M3 10l5-5 5 5',
  external: 'M9 2.5h4.5V7M13.5 2.5 7 9M11 9.5v4H2.5V5h4',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 10h6.6L12 4',
  filter: 'M2 3h12l-4.5 5.5V14l-3-1.5v-4z',
  upload: 'M8 11V2.5M4.5 6 8 2.5 11.5 6M2.5 11v2.5h11V11',
  download: 'M8 2.5V11M4.5 7.5 8 11l3.5-3.5M2.5 11v2.5h11V11',
  columns: 'M2 3h12v10H2zM6.5 3v10M10.5 3v10',
  edit: 'M3 13l.7-3L11 2.7l2.3 2.3L6 12.3z',
  play: 'M4.5 2.5v11l9-5.5z',
  command:
    'M5.5 5.5h5v5h-5zM5.5 5.5H4A1.8 1.8 0 1 1 5.5 4zM10.5 5.5V4A1.8 1.8 0 1 1 12 5.5zM10.5 10.5H12a1.8 1.8 0 1 1-1.5 1.5zM5.5 10.5V12A1.8 1.8 0 1 1 4 10.5z',
} as const

export type IconName = keyof typeof drawings

/** Says nothing to those who listen: the words beside it, or the label of its button, do. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  )
}
