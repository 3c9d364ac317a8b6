import { html } from 'ghtml';
import { style } from './style.ts';

/** The page around a body of HTML: it loads nothing, not even an icon. */
export function page(title: string, body: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · flatmin benchmark</title>
<link rel="icon" href="data:,">
<style>!${style}</style>
</head>
<body>
<p class="kicker">flatmin benchmark</p>
<h1>${title}</h1>
!${body}
</body>
</html>
`;
}
