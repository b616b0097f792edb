/** The name with its mark. */
export function Brand() {
  return (
    <span className="flex items-center gap-2.5 font-semibold tracking-[0.01em]">
      <img src="/icon.svg" alt="" width={22} height={22} />
      Myriad
    </span>
  );
}
