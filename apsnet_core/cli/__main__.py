from apsnet_core.cli import main

main()
