'use client';

import { Button } from '@/components/ui/button';

/** New rows that wait, so that nothing moves under the pointer. */
export function NewRows({ waiting, onShow }: { waiting: number; onShow: () => void }) {
  return (
    <div role="status" className="sticky top-16 z-10 grid h-0 justify-items-center">
      {waiting > 0 && (
        <Button size="small" className="shadow-float" onClick={onShow}>
          {waiting} new
        </Button>
      )}
    </div>
  );
}
