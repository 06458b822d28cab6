/** @jsxImportSource preact */
import { render } from 'preact';
import { App, firstLanguage } from './app';
import { keepShell } from './offline';
import '../ui/tokens.css';
import './portal.css';
import { takeToken } from './token';

takeToken();
const root = document.getElementById('root')!;
void firstLanguage().then(() => {
  root.replaceChildren();
  render(<App />, root);
  keepShell();
});
