import type { RefObject } from 'react';
import { downloadSvg, downloadText } from '@/components/chart/download';
import { TextButton } from '@/components/ui/text-link';

interface PictureToolsProps {
  /** What is drawn, as its panel is called. */
  title: string;
  /** Without an ending. */
  fileName: string;
  asTable: boolean;
  onAsTable: (asTable: boolean) => void;
  /** Where it is drawn on the page, or what writes it. */
  svg: RefObject<SVGSVGElement | null> | (() => string);
  csv: () => string;
}

/** The table instead of the picture, and both to take along. */
export function PictureTools({ title, fileName, asTable, onAsTable, svg, csv }: PictureToolsProps) {
  return (
    <>
      <TextButton aria-pressed={asTable} onClick={() => onAsTable(!asTable)}>
        {asTable ? 'View as picture' : 'View as table'}
      </TextButton>
      {!asTable && (
        <TextButton aria-label={`Download ${title} as SVG`} onClick={() => saveSvg(`${fileName}.svg`, svg)}>
          SVG
        </TextButton>
      )}
      <TextButton
        aria-label={`Download ${title} as CSV`}
        onClick={() => downloadText(`${fileName}.csv`, 'text/csv', csv())}
      >
        CSV
      </TextButton>
    </>
  );
}

function saveSvg(name: string, svg: PictureToolsProps['svg']): void {
  if (typeof svg === 'function') downloadText(name, 'image/svg+xml', svg());
  else if (svg.current !== null) downloadSvg(name, svg.current);
}
