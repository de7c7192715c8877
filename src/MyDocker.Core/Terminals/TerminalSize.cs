namespace MyDocker;

/// <summary>The size of a terminal's window, in characters.</summary>
/// <param name="Columns">Its width.</param>
/// <param name="Rows">Its height.</param>
public readonly record struct TerminalSize(ushort Columns, ushort Rows);
