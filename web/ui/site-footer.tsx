import { words } from './messages.ts';

export function SiteFooter() {
  return (
    <footer className="fc-footer">
      <div className="fc-bar">
        <p>{words.footer.sentence}</p>
        <nav className="fc-nav" aria-label={words.footer.nav}>
          <a href="/security">{words.security}</a>
          <a href="/docs">{words.footer.api}</a>
        </nav>
      </div>
    </footer>
  );
}
