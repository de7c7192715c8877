# The main job, step by step, on the built-in image "host" (this machine's own programs): nothing is downloaded.

function Show([string] $step) { "`n> $step" }

Show 'New-Container -Name bird sleep infinity'
New-Container -Name bird sleep infinity

Show 'Start-Container bird'
Start-Container bird

Show "Invoke-Container hostname     (a second container: its output comes out as text, then it is gone)"
Invoke-Container hostname

Show 'Get-Container'
Get-Container

Show 'Get-Container | Where-Object Status -eq Running | Stop-Container'
Get-Container | Where-Object Status -eq Running | Stop-Container

Show 'Get-Container bird | ForEach-Object { "$($_.Name): $($_.Status), $($_.StopReason)" }'
Get-Container bird | ForEach-Object { "$($_.Name): $($_.Status), $($_.StopReason)" }

Show 'Remove-Container bird'
Remove-Container bird
"bird is gone: $($null -eq (Get-Container bir[d]))"
