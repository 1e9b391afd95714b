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
  svg: RefObject<SVGSVGElement | null>;
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
        <TextButton
          aria-label={`Download ${title} as SVG`}
          onClick={() => svg.current !== null && downloadSvg(`${fileName}.svg`, svg.current)}
        >
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
