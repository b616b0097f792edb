import { useEffect, useRef } from 'react';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

/**
 * The drawing in a shadow root: its own style rules stay inside, the page's colours reach in. Parsed as XML, and nothing but
 * shapes, text and style is let through.
 */
export function CircuitPicture({ svg, label }: { readonly svg: string; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    const harmless = [parsed, ...parsed.querySelectorAll('*')].every(
      (element) =>
        /^(svg|g|style|title|desc|path|line|circle|rect|text|tspan|polyline|polygon|ellipse)$/.test(
          element.localName,
        ) && ![...element.attributes].some(({ name }) => /^on|href/i.test(name)),
    );
    root.replaceChildren(...(harmless ? [document.importNode(parsed, true)] : []));
  }, [svg]);
  return (
    <ScrollRegion label={label} className="overflow-auto max-h-[480px]">
      <div ref={place} role="img" aria-label={label} style={{ '--circuit-fill': 'var(--card)' } as object} />
    </ScrollRegion>
  );
}
